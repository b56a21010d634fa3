// The plugin's types extend FastifyRequest.
import type {} from '@fastify/multipart';
import { DomainError } from '@labelyard/domain';
import type { FastifyRequest } from 'fastify';
import type { IncomingFile } from './direct-upload.js';

const MAX_FILES = 10_000;
const MAX_FIELDS = 100;

/**
 * The files of a multipart form as they arrive, whatever their fields are called; names keep their folders. Longer files are
 * cut off at `max_bytes` + 1. Throws validation_failed when the form itself is damaged.
 */
export async function* incomingFiles(request: FastifyRequest, max_bytes: number): AsyncGenerator<IncomingFile> {
  if (!request.isMultipart()) {
    throw new DomainError(
      'unsupported_media_type',
      'Send the files as multipart/form-data, in the field "file" or "files"',
    );
  }
  const options = {
    preservePath: true,
    throwFileSizeLimit: false,
    limits: {
      fileSize: max_bytes + 1,
      files: MAX_FILES,
      fields: MAX_FIELDS,
      parts: MAX_FILES + MAX_FIELDS,
      fieldSize: 64 * 1024,
    },
  };
  try {
    for await (const part of request.parts(options)) {
      if (part.type === 'file') {
        const { file } = part;
        yield { name: part.filename ?? '', bytes: file, isCut: () => file.truncated || file.bytesRead > max_bytes };
      }
    }
  } catch (error) {
    throw formError(error, request) ?? error;
  }
}

/** Complaints of the form's parser have codes of the plugin, or these texts. */
const PARSER_TEXTS = /multipart|boundary|terminated early|Malformed part header/i;

/** What a damaged form, or a sender who went away, amounts to; null for anything else. */
export function formError(error: unknown, { raw }: FastifyRequest): DomainError | null {
  if (!(error instanceof Error) || error instanceof DomainError) return null;
  if (raw.destroyed && !raw.complete)
    return new DomainError('validation_failed', 'The sender went away before the form ended');
  const code = (error as { code?: unknown }).code;
  const ours = typeof code === 'string' ? code.startsWith('FST_') : PARSER_TEXTS.test(error.message);
  return ours
    ? new DomainError('validation_failed', `The form cannot be read: ${error.message}`, undefined, { cause: error })
    : null;
}
