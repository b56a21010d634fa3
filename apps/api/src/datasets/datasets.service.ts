import type { Dataset } from '@labelyard/contract';
import type {
  DatasetPatch,
  DeletionImpact,
  LabelerDb,
  LabelerTransaction,
  NewDataset,
  Page,
  PageRequest,
  SeenDataset,
} from '@labelyard/db';
import { DomainError } from '@labelyard/domain';
import type { Storage } from '@labelyard/storage';
import { Injectable } from '@nestjs/common';
import type { Auth, ProjectAuth } from '../auth/auth-context.js';
import { InjectLabelerDb, InjectStorage } from '../connections.js';
import { InvalidRequest } from '../http/request-input.js';
import { changeOnce } from '../idempotency/idempotency-scope.js';
import { enqueue } from '../jobs/task.js';
import { People } from '../people/people.js';
import { toDatasets } from './dataset-answer.js';
import { PURGE_DATASET } from './purge-dataset-task.js';

@Injectable()
export class DatasetsService {
  constructor(
    @InjectLabelerDb() private readonly db: LabelerDb,
    @InjectStorage() private readonly storage: Storage,
    private readonly people: People,
  ) {}

  async list(auth: Auth, query: PageRequest & { q?: string | undefined }): Promise<Page<Dataset>> {
    const { items, next_cursor } = await this.db.datasets.list(auth.viewer, query);
    return { items: await toDatasets(items, this.people, this.storage.datasets), next_cursor };
  }

  async create(auth: Auth, values: Omit<NewDataset, 'owner_id' | 'organization_id'>): Promise<Dataset> {
    const { id: owner_id, organization_id } = auth.user;
    if (values.visibility === 'organization' && organization_id === null) throw noOrganization();
    return changeOnce(this.db, auth, 201, async (tx) => {
      const row = await tx.datasets.create({ ...values, owner_id, organization_id });
      const { name, task_types, visibility } = row;
      await this.record(tx, auth, 'dataset.create', row, { name, task_types, visibility });
      return this.toAnswer(row);
    });
  }

  async get(auth: ProjectAuth): Promise<Dataset> {
    return this.toAnswer(await this.db.datasets.get(auth.project.dataset_id, auth.viewer));
  }

  async update(auth: ProjectAuth, patch: DatasetPatch): Promise<Dataset> {
    const { dataset_id } = auth.project;
    return this.db.transaction(async (tx) => {
      const before = await tx.datasets.get(dataset_id, auth.viewer);
      await tx.datasets.update(dataset_id, patch);
      const dataset = await tx.datasets.get(dataset_id, auth.viewer);
      if (patch.visibility === 'organization' && dataset?.organization_id === null) throw noOrganization();
      await this.record(tx, auth, 'dataset.update', auth.project, changedFields(before, patch));
      return this.toAnswer(dataset);
    });
  }

  async deletionImpact(auth: ProjectAuth): Promise<DeletionImpact> {
    return (await this.db.datasets.deletionImpact(auth.project.dataset_id)) ?? gone();
  }

  /** Nobody sees the dataset from the moment this commits; its rows and files go in the background. */
  async delete(auth: ProjectAuth, confirm_name: string): Promise<void> {
    const { dataset_id, project_id } = auth.project;
    await this.db.transaction(async (tx) => {
      // Locked, so that the name that was confirmed is the name of what is deleted.
      const dataset = await tx.sql.one<{ name: string }>(
        'select name from datasets where id = $1 and deleted_at is null for update',
        [dataset_id],
      );
      if (!dataset) return gone();
      if (confirm_name.normalize('NFC').trim() !== dataset.name)
        throw new InvalidRequest([
          {
            in: 'body',
            path: 'confirm_name',
            code: 'mismatch',
            message: `is not the dataset's name, "${dataset.name}"`,
          },
        ]);
      await tx.datasets.delete(dataset_id);
      await this.record(tx, auth, 'dataset.delete', auth.project, { name: dataset.name });
      await enqueue(tx.sql, PURGE_DATASET, { dataset_id, project_id, pass: 1 });
    });
  }

  private async record(
    tx: LabelerTransaction,
    auth: Auth,
    action: string,
    dataset: { readonly project_id: number; readonly id?: number; readonly dataset_id?: number },
    details: object,
  ): Promise<void> {
    await tx.audit.record({
      project_id: dataset.project_id,
      actor_id: auth.user.id,
      action,
      subject_type: 'dataset',
      subject_id: dataset.dataset_id ?? dataset.id,
      details: { ...details },
    });
  }

  private async toAnswer(row: SeenDataset | null): Promise<Dataset> {
    const [dataset] = await toDatasets(row ? [row] : [], this.people, this.storage.datasets);
    return dataset ?? gone();
  }
}

/** What a patch changed, before and after. */
function changedFields(before: SeenDataset | null, patch: DatasetPatch): Record<string, unknown> {
  const changed = (Object.keys(patch) as (keyof DatasetPatch)[]).filter(
    (field) => JSON.stringify(patch[field]) !== JSON.stringify(before?.[field]),
  );
  const pick = (of: DatasetPatch | null) => Object.fromEntries(changed.map((field) => [field, of?.[field]]));
  return { changed, from: pick(before), to: pick(patch) };
}

function gone(): never {
  throw new DomainError('not_found', 'The dataset does not exist any more');
}

function noOrganization(): InvalidRequest {
  return new InvalidRequest([
    {
      in: 'body',
      path: 'visibility',
      code: 'no_organization',
      message: 'is "organization", but the owner belongs to none',
    },
  ]);
}
