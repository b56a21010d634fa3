import type { IncomingMessage } from 'node:http';
import { ENDPOINTS, type EndpointName, type EndpointSpec } from '@labelyard/contract';
import type { Role } from '@labelyard/domain';
import type { TestApp, TestPerson } from './app.factory.js';

export const endpoints: { name: EndpointName; spec: EndpointSpec }[] = Object.entries(ENDPOINTS).map(
  ([name, spec]) => ({ name: name as EndpointName, spec }),
);

/** One row of each kind, for requests to be about. */
export async function everyKindOfRow(
  api: TestApp,
  dataset: { id: number; project_id: number },
  members: Record<Role, TestPerson>,
): Promise<Record<string, number>> {
  const { id: dataset_id, project_id } = dataset;
  const inserted = await api.db.images.insertMany(dataset_id, api.owner.id, 'skip', [
    { path: 'a.png', content_type: 'image/png', width: 100, height: 80, size_bytes: 10, sha256: 'a'.repeat(64) },
  ]);
  const image_id = inserted[0]?.image.id ?? 0;
  const label = await api
    .as(api.owner)
    .post(`/api/v1/projects/${project_id}/classes`)
    .send({ task_type: 'detection', name: 'car' });
  const annotation = await api
    .as(api.owner)
    .post('/api/v1/annotations')
    .send({
      project_id,
      image_id,
      task_type: 'detection',
      class_id: label.body.id,
      geometry: { type: 'bbox', bbox: [1, 2, 3, 4] },
    });
  const upload = await api
    .as(api.owner)
    .post(`/api/v1/datasets/${dataset_id}/uploads`)
    .send({ files: [{ path: 'b.png', size: 12 }] });
  // By a reviewer, who may stop and delete their own only.
  const exported = await api.as(members.reviewer).post('/api/v1/export').send({ project_id, format: 'coco' });
  const imported = await api.db.imports.create(
    { project_id, source: {}, format: 'auto', choices: {}, created_by: api.owner.id },
    'checking',
  );
  const tasks = await api
    .as(api.owner)
    .post(`/api/v1/projects/${project_id}/tasks`)
    .send({ task_type: 'detection', name: 'Batch' });
  const split = await api.db.splits.create({
    project_id,
    task_type: 'detection',
    request: { task_type: 'detection', name: 'Batch' },
    created_by: api.owner.id,
  });
  const talk = `/api/v1/projects/${project_id}/comments`;
  const comment = await api.as(members.annotator).post(talk).send({ image_id, body: 'Hm' });
  // Deleting what was answered leaves the row to the tests that follow.
  await api.as(api.owner).post(talk).send({ image_id, parent_id: comment.body.id, body: 'What?' });
  const guest = await api.newMember(project_id, 'viewer');
  const token = await api
    .as(api.owner)
    .post(`/api/v1/projects/${project_id}/service-tokens`)
    .send({ name: 'reader', scopes: ['projects:read'], expires_in_days: 1 });
  const restored = await api
    .as(api.owner)
    .post(`/api/v1/projects/${project_id}/images/${image_id}/restore`)
    .send({ at: new Date().toISOString() });
  const published = await api
    .as(api.owner)
    .post(`/api/v1/projects/${project_id}/versions`)
    .send({ include_drafts: true });
  await api.db.images.insertMany(dataset_id, api.owner.id, 'skip', [
    { path: 'gone.png', content_type: 'image/png', width: 1, height: 1, size_bytes: 1, sha256: 'c'.repeat(64) },
  ]);
  const going = (await api.as(api.owner).get(`/api/v1/projects/${project_id}/images?q=gone.png`)).body.items[0].id as number; // prettier-ignore
  await api
    .as(api.owner)
    .post(`/api/v1/projects/${project_id}/images/delete`)
    .send({ image_ids: [going] });
  return {
    deleted_image_id: going,
    version_id: published.body.id,
    restore_id: restored.body.id,
    task_id: tasks.body.items[0].id,
    split_id: split.id,
    comment_id: comment.body.id,
    dataset_id,
    user_id: Number(guest.id),
    project_id,
    image_id,
    class_id: label.body.id,
    annotation_id: annotation.body.id,
    upload_id: upload.body.id,
    export_id: exported.body.id,
    import_id: imported.id,
    service_token_id: token.body.id,
  };
}

/** A request to the endpoint that names existing rows and is otherwise empty: past the guard it may still be refused as 422. */
export function callEndpoint(
  api: TestApp,
  spec: EndpointSpec,
  person: TestPerson | null,
  rows: Record<string, number>,
) {
  const path = spec.path.replace(/\{(\w+)\}/gu, (_match, name: string) => String(rows[name] ?? 'x'));
  const method = spec.method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete';
  const named = (part: 'query' | 'body') => {
    const subject = typeof spec.access === 'object' && 'action' in spec.access ? spec.access.subject.split('.') : [];
    return subject[0] === part && subject[1] ? { [subject[1]]: rows[subject[1]] } : {};
  };
  const request = api.as(person)[method](path).query(named('query'));
  // A stream has no end: its head answers all that is asked here.
  if (spec.events) return request.buffer(true).parse(headOfStream);
  return spec.body ? request.send(named('body')) : request;
}

/** Reads a refusal; hangs up on a stream of events. */
function headOfStream(response: unknown, done: (error: Error | null, body: unknown) => void): void {
  const message = response as IncomingMessage;
  if (message.headers['content-type']?.startsWith('text/event-stream')) {
    message.destroy();
    return done(null, {});
  }
  const chunks: Buffer[] = [];
  message.on('data', (chunk: Buffer) => chunks.push(chunk));
  message.on('end', () => {
    const text = Buffer.concat(chunks).toString('utf8');
    Object.assign(message, { text });
    done(null, JSON.parse(text));
  });
}
