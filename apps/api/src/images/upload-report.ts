import type { Image, RejectionCode, UploadAnswer } from '@labelyard/contract';
import type { ImageRow } from '@labelyard/db';
import type { ErrorCode } from '@labelyard/domain';
import type { Admission } from './image-intake.js';
import type { Rejection } from './image-path.js';

/** The wire's image. */
export function toImage(row: ImageRow): Image {
  const { id, dataset_id, path, width, height, size_bytes, sha256, content_type, split, uploaded_at } = row;
  return { id, dataset_id, path, width, height, size_bytes, sha256, content_type, split, uploaded_at };
}

/** Collects what became of each file, in the order the files came in. */
export class UploadReport {
  private readonly results: ({ name: string; admission: Admission } | null)[] = [];

  /** Keeps a place for a file whose fate is not known yet. */
  reserve(): (name: string, admission: Admission) => void {
    const place = this.results.push(null) - 1;
    return (name, admission) => {
      this.results[place] = { name, admission };
    };
  }

  reject({ name, code, message }: Rejection): void {
    this.reserve()(name, { outcome: 'rejected', code, message });
  }

  get isEmpty(): boolean {
    return this.results.length === 0;
  }

  answer(): Omit<UploadAnswer, 'error'> {
    const answer: Omit<UploadAnswer, 'error'> = { items: [], skipped: [], rejected: [] };
    for (const result of this.results) {
      if (!result) continue;
      const { name, admission } = result;
      if (admission.outcome === 'rejected') {
        answer.rejected.push({ name, code: admission.code, message: admission.message });
        continue;
      }
      answer.items.push(toImage(admission.image));
      if (admission.outcome === 'skipped') answer.skipped.push(admission.image.path);
    }
    return answer;
  }
}

const TOO_LARGE: readonly RejectionCode[] = ['file_too_large', 'too_many_pixels'];
const WRONG_KIND: readonly RejectionCode[] = ['not_an_image', 'unsupported_image_type'];

/** What an upload of which nothing could be taken amounts to; null when something was. */
export function uploadFailure({
  items,
  rejected,
}: Omit<UploadAnswer, 'error'>): { code: ErrorCode; message: string } | null {
  if (items.length > 0 || rejected.length === 0) return null;
  const all = (codes: readonly RejectionCode[]) => rejected.every(({ code }) => codes.includes(code));
  const code = all(TOO_LARGE) ? 'payload_too_large' : all(WRONG_KIND) ? 'unsupported_media_type' : 'validation_failed';
  const [first] = rejected;
  const message =
    rejected.length === 1 && first
      ? `${first.name}: ${first.message}`
      : `None of the ${rejected.length} files could be taken; "rejected" says why for each.`;
  return { code, message };
}
