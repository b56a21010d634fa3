import type { ImportState } from '@labelyard/contract';
import type { StagedAnnotation } from '@labelyard/db';
import { canonicalGeometryJson, geometryArea, geometryBounds } from '@labelyard/domain';
import type { ImportedAnnotation } from '@labelyard/formats';

/** An annotation of the files as it is stored. */
export function stagedRow(
  record: ImportedAnnotation,
  { image_id, class_id, state }: { image_id: number; class_id: number | null; state: ImportState },
): StagedAnnotation {
  const { geometry, origin } = record;
  const kept = state === 'as_in_file' ? origin : undefined;
  return {
    image_id,
    class_id,
    task_type: record.task_type,
    annotation_type: geometry.type,
    state: kept?.state ?? (state === 'confirmed' ? 'confirmed' : 'draft'),
    source: kept?.source ?? 'import',
    bbox: geometryBounds(geometry),
    area: geometryArea(geometry),
    confidence: record.confidence,
    attributes: attributesText(record.attributes),
    geometry: canonicalGeometryJson(geometry),
    ...(kept && {
      created_by: person(kept.created_by),
      updated_by: person(kept.updated_by),
      confirmed_by: person(kept.confirmed_by),
      created_at: time(kept.created_at),
      updated_at: time(kept.updated_at),
      confirmed_at: time(kept.confirmed_at),
    }),
  };
}

/** jsonb keeps neither zero characters nor halves of pairs. */
function attributesText(attributes: object): string {
  const text = JSON.stringify(attributes);
  if (!/\\u(?:0000|d[89a-f])/iu.test(text)) return text;
  return text.replace(/(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/giu, '$1�');
}

function person(id: string | null | undefined): string | undefined {
  return id ? id.toWellFormed().replaceAll('\0', '').slice(0, 200) || undefined : undefined;
}

/** A time that Postgres and people can use. */
function time(text: string | null | undefined): string | undefined {
  const at = Date.parse(text ?? '');
  return at > 0 && at < 4e12 ? new Date(at).toISOString() : undefined;
}
