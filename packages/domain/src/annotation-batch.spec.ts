import { decideBatch, type BatchContext, type BatchOperation } from './annotation-batch.js';
import { ImageContents, type AnnotationHead } from './annotation-rules.js';

const boxed: AnnotationHead = { task_type: 'detection', annotation_type: 'bbox', class_id: 1 };
const box = { type: 'bbox', bbox: [1, 2, 3, 4] };
const context = (stored: AnnotationHead[] = [], applied: string[] = []): BatchContext => ({
  rules: {
    image: { width: 100, height: 50 },
    task_types: ['detection', 'classification'],
    classes: new Map([
      [1, { task_type: 'detection', keypoints: [] }],
      [2, { task_type: 'classification', keypoints: [] }],
    ]),
  },
  contents: new ImageContents(stored),
  targets: new Map(stored.map((head, index) => [index + 1, { ...head, version: 3, state: 'draft' as const }])),
  applied: new Set(applied),
});

const create = (op_id: string, geometry: unknown = box, class_id: number | null = 1): BatchOperation => ({
  op: 'create',
  op_id,
  task_type: 'detection',
  class_id,
  geometry,
});
const tag = (op_id: string): BatchOperation => ({
  op: 'create',
  op_id,
  task_type: 'classification',
  class_id: 2,
  geometry: { type: 'classification' },
});
const update = (op_id: string, version: number, geometry: unknown = box): BatchOperation => ({
  op: 'update',
  op_id,
  annotation_id: 1,
  version,
  geometry,
});
const remove = (op_id: string, version: number, annotation_id = 1): BatchOperation => ({
  op: 'delete',
  op_id,
  annotation_id,
  version,
});
const nothing = { type: 'no_object' };

const reviewer = { may_edit_verified: true };
const annotator = { may_edit_verified: false };
const verdicts = (operations: BatchOperation[], given = context(), author = annotator) =>
  decideBatch(operations, given, author).map((decision) =>
    decision.verdict === 'reject' ? decision.issues.map(({ code }) => code).join() : decision.verdict,
  );

test('each is decided by itself: one bad operation does not hold up the others', () => {
  const outside = { type: 'bbox', bbox: [99, 0, 50, 5] };
  expect(verdicts([create('a'), create('b', outside), create('c')])).toEqual(['apply', 'outside_image', 'apply']);
});

test('what was applied before is not judged again, whatever it says now', () => {
  const tagged: AnnotationHead = { task_type: 'classification', annotation_type: 'classification', class_id: 2 };
  expect(verdicts([tag('A-1'), create('b', 'nonsense')], context([tagged], ['a-1', 'b']))).toEqual([
    'as_stored',
    'as_stored',
  ]);
  expect(verdicts([tag('c')], context([tagged], ['a-1']))).toEqual(['duplicate']);
});

test('the same op_id twice in one request counts once, and a rejected one may be mended', () => {
  expect(verdicts([tag('a'), tag('A')])).toEqual(['apply', 'as_stored']);
  expect(verdicts([create('a', 'nonsense'), create('a')])).toEqual(['not_an_object', 'apply']);
});

test('stale and vanished annotations are left to the store', () => {
  expect(verdicts([update('a', 2), remove('b', 4), remove('c', 3, 9)], context([boxed]))).toEqual([
    'as_stored',
    'as_stored',
    'as_stored',
  ]);
});

test('a chain of changes carries its version along', () => {
  expect(
    verdicts([update('a', 3), update('b', 4), update('c', 4), remove('d', 5), update('e', 6)], context([boxed])),
  ).toEqual(['apply', 'apply', 'as_stored', 'apply', 'as_stored']);
});

test('order matters: "no object" after the last object is deleted, not before', () => {
  const empty = create('n', nothing, null);
  expect(verdicts([remove('d', 3), empty], context([boxed]))).toEqual(['apply', 'apply']);
  expect(verdicts([empty, remove('d', 3)], context([boxed]))).toEqual(['objects_present', 'apply']);
  expect(verdicts([remove('d', 2), empty], context([boxed]))).toEqual(['as_stored', 'objects_present']);
});

test('a refused change leaves its annotation as it was for those behind it', () => {
  expect(verdicts([update('a', 3, { type: 'classification' }), update('b', 3)], context([boxed]))).toEqual([
    'wrong_geometry',
    'apply',
  ]);
});

test('geometry comes back ready to store', () => {
  const [decision] = decideBatch([create('a', { type: 'bbox', bbox: [-0.25, 0, 10, 10] })], context(), annotator);
  expect(decision).toEqual({ verdict: 'apply', geometry: { type: 'bbox', bbox: [0, 0, 9.75, 10] } });
});

test('what is verified is read-only for annotators; a reviewer’s edit re-opens it for everybody', () => {
  const verified = () => {
    const given = context([boxed]);
    return {
      ...given,
      targets: new Map([...given.targets].map(([id, target]) => [id, { ...target, state: 'verified' as const }])),
    };
  };
  expect(verdicts([update('a', 3), remove('b', 3)], verified())).toEqual(['verified', 'verified']);
  expect(verdicts([update('a', 2)], verified())).toEqual(['as_stored']);
  expect(verdicts([update('a', 3), remove('b', 4)], verified(), reviewer)).toEqual(['apply', 'apply']);
});
