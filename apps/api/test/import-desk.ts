import type { ImportJob } from '@labelyard/contract';
import type { TestApp, TestPerson } from './app.factory.js';
import { zipOf, type ZipPart } from './zip-factory.js';

/** Uploads files as a browser does, and follows imports to their end. */
export class ImportHands {
  constructor(
    readonly api: TestApp,
    readonly dataset: { readonly id: number; readonly project_id: number },
    readonly person: TestPerson = api.owner,
  ) {}

  async upload(files: readonly { readonly path: string; readonly bytes: string | Uint8Array }[]): Promise<number> {
    const announced = await this.api
      .as(this.person)
      .post(`/api/v1/datasets/${this.dataset.id}/uploads`)
      .send({
        purpose: 'import',
        files: files.map(({ path, bytes }) => ({ path, size: Buffer.byteLength(bytes as Uint8Array) })),
      });
    if (announced.status !== 201) throw new Error(announced.text);
    for (const [n, { bytes }] of files.entries()) {
      const { put_url, content_type } = announced.body.files[n] as { put_url: string; content_type: string };
      const put = await fetch(put_url, {
        method: 'PUT',
        headers: { 'content-type': content_type },
        body: bytes as Uint8Array<ArrayBuffer>,
      });
      if (!put.ok) throw new Error(`PUT: ${put.status}`);
    }
    const done = await this.api.as(this.person).post(`/api/v1/uploads/${announced.body.id}/complete`).send({});
    if (done.status !== 200 || done.body.rejected.length > 0) throw new Error(done.text);
    return announced.body.id as number;
  }

  zip(parts: readonly ZipPart[]): Promise<number> {
    return this.upload([{ path: 'labels.zip', bytes: zipOf(parts) }]);
  }

  async begin(upload_id: number, values: object = {}): Promise<ImportJob> {
    const { project_id } = this.dataset;
    const answer = await this.api
      .as(this.person)
      .post('/api/v1/imports')
      .send({ project_id, upload_id, ...values });
    if (answer.status !== 201) throw new Error(answer.text);
    return answer.body as ImportJob;
  }

  async start(import_id: number, choices: object = {}): Promise<ImportJob> {
    const answer = await this.api.as(this.person).post(`/api/v1/imports/${import_id}/start`).send(choices);
    if (answer.status !== 200) throw new Error(answer.text);
    return answer.body as ImportJob;
  }

  async get(import_id: number): Promise<ImportJob> {
    return (await this.api.as(this.person).get(`/api/v1/imports/${import_id}`)).body as ImportJob;
  }

  /** Asks until nothing is being done any more. */
  async settled({ id }: { readonly id: number }): Promise<ImportJob> {
    for (;;) {
      const job = await this.get(id);
      if (!['checking', 'applying', 'undoing'].includes(job.status)) return job;
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }

  async check(upload_id: number, values: object = {}): Promise<ImportJob> {
    return this.settled(await this.begin(upload_id, values));
  }

  async apply(upload_id: number, values: object = {}): Promise<ImportJob> {
    return this.check(upload_id, { dry_run: false, ...values });
  }

  async issues(
    import_id: number,
  ): Promise<{ code: string; severity: string; file: string; line: number | null; message: string }[]> {
    // prettier-ignore
    return (await this.api.as(this.person).get(`/api/v1/imports/${import_id}/issues?limit=500`)).body.items;
  }

  async undo(import_id: number, body: object = {}): Promise<ImportJob> {
    const answer = await this.api.as(this.person).post(`/api/v1/imports/${import_id}/undo`).send(body);
    if (answer.status !== 200) throw new Error(answer.text);
    return this.settled({ id: import_id });
  }

  async annotations(): Promise<Record<string, unknown>[]> {
    const answer = await this.api
      .as(this.person)
      .get(`/api/v1/annotations/project/${this.dataset.project_id}?limit=500`);
    return answer.body.items as Record<string, unknown>[];
  }

  async images(): Promise<{ id: number; path: string; url: string; width: number; annotation_count: number }[]> {
    const answer = await this.api.as(this.person).get(`/api/v1/projects/${this.dataset.project_id}/images?limit=500&sort=path`); // prettier-ignore
    return answer.body.items;
  }

  async classes(): Promise<{ id: number; name: string; task_type: string; keypoints: string[] }[]> {
    return (await this.api.as(this.person).get(`/api/v1/projects/${this.dataset.project_id}/classes`)).body.items;
  }

  /** Images without bytes, for labels to be put on. */
  async withImages(...images: (readonly [path: string, width: number, height: number])[]): Promise<void> {
    await this.api.db.images.insertMany(
      this.dataset.id,
      this.person.id,
      'skip',
      images.map(([path, width, height], n) => ({
        path,
        content_type: 'image/jpeg',
        ...{ width, height },
        size_bytes: 10 + n,
        sha256: n.toString(16).padStart(64, '0'),
      })),
    );
  }
}

/** A COCO file of boxes: `[image, category, x, y, w, h]` each. */
export function cocoOf(
  images: Readonly<Record<string, readonly [width: number, height: number]>>,
  boxes: readonly (readonly [image: string, category: string, ...bbox: number[]])[],
): string {
  const names = [...new Set(boxes.map(([, category]) => category))];
  const paths = Object.keys(images);
  return JSON.stringify({
    images: paths.map((file_name, n) => ({ id: n + 1, file_name, width: images[file_name]?.[0], height: images[file_name]?.[1] })), // prettier-ignore
    categories: names.map((name, n) => ({ id: n + 1, name, supercategory: 'detection' })),
    annotations: boxes.map(([image, category, ...bbox], n) => ({
      id: n + 1,
      image_id: paths.indexOf(image) + 1,
      category_id: names.indexOf(category) + 1,
      bbox,
      area: (bbox[2] ?? 0) * (bbox[3] ?? 0),
      iscrowd: 0,
    })),
  });
}
