// One page of ListObjectsV2 as the server writes it. Read here because the SDK takes longer to load, and to read a page with its
// XML parser, than a run with nothing to do may take in all (tooling/bench, storage-sync); the document is flat and its keys are encoded.
import type { ListedObject } from '../driver.js';
import { unquoted } from './etag.js';

export interface ListPage {
  objects: ListedObject[];
  /** Leads to the next page; undefined on the last one. */
  next: string | undefined;
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** @throws Error naming what the page lacks: a page that is not understood must not look like the end of a listing */
export function readListPage(xml: string): ListPage {
  if (!/<ListBucketResult[\s>]/.test(xml) || !xml.trimEnd().endsWith('</ListBucketResult>'))
    throw new Error('no whole page');
  const entries_at = xml.indexOf('<Contents>');
  // What stands outside the entries may come before or after them.
  const around = entries_at < 0 ? xml : xml.slice(0, entries_at) + xml.slice(xml.lastIndexOf('</Contents>'));
  const decode = field(around, 'EncodingType') === 'url' ? decodeListed : (text: string) => text;
  const objects: ListedObject[] = [];
  for (const [, entry = ''] of xml.matchAll(/<Contents>(.*?)<\/Contents>/gs)) {
    const [key, size, modified] = [field(entry, 'Key'), field(entry, 'Size'), field(entry, 'LastModified')];
    const modified_at = new Date(modified ?? '');
    if (!key || !size || !Number.isSafeInteger(Number(size)) || Number.isNaN(modified_at.getTime()))
      throw new Error('an entry without key, size or date');
    objects.push({ key: decode(key), size: Number(size), etag: unquoted(field(entry, 'ETag')), modified_at });
  }
  if (field(around, 'IsTruncated') !== 'true') return { objects, next: undefined };
  const next = field(around, 'NextContinuationToken');
  if (!next) throw new Error('a truncated page without a way to the next one');
  return { objects, next };
}

function field(xml: string, name: string): string | undefined {
  const start = xml.indexOf(`<${name}>`);
  if (start < 0) return undefined;
  const from = start + name.length + 2;
  const text = xml.slice(from, xml.indexOf('<', from));
  return text.includes('&') ? text.replaceAll(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, unescaped) : text;
}

function unescaped(whole: string, decimal?: string, hexadecimal?: string, name?: string): string {
  if (decimal) return String.fromCodePoint(Number(decimal));
  if (hexadecimal) return String.fromCodePoint(Number.parseInt(hexadecimal, 16));
  return ENTITIES[name ?? ''] ?? whole;
}

/** AWS writes spaces as `+` here, others as `%20`; a real plus is `%2B` everywhere. */
function decodeListed(text: string): string {
  return text.includes('%') || text.includes('+') ? decodeURIComponent(text.replaceAll('+', ' ')) : text;
}
