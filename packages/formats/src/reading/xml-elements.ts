import { SaxesParser } from 'saxes';
import { utf8Chunks } from './file-text.js';
import type { ImportFile } from './import-codec.js';
import { UnreadableFile } from './unreadable-file.js';

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
  readonly line: number;
}

interface OpenElement extends XmlElement {
  readonly children: XmlElement[];
  text: string;
}

const MAX_DEPTH = 100;
/** Characters of one piece, with what an element takes beside its own. */
const MAX_PIECE = 32 * 1024 * 1024;
const ELEMENT = 100;

/**
 * Elements of an XML file one by one: the root (`depth` 0), or each child of the root (1), for files that are too large as a whole.
 * Document types are refused: nothing we read has one, and entities are how a small file becomes a large one.
 */
export async function* xmlElements(file: ImportFile, root: string, depth: 0 | 1 = 0): AsyncGenerator<XmlElement> {
  const parser = new SaxesParser({ position: true });
  const open: OpenElement[] = [];
  const done: XmlElement[] = [];
  let elements = 0;
  let began = 0;
  let seen = false;
  const limit = () => {
    if (parser.position - began + elements * ELEMENT > MAX_PIECE)
      throw new UnreadableFile('too_large', 'One element is too large', parser.line);
  };
  parser.on('error', (error) => {
    throw new UnreadableFile('bad_xml', error.message.replace(/^\d+:\d+: /u, ''), parser.line);
  });
  parser.on('doctype', () => {
    throw new UnreadableFile('bad_xml', 'Document types (DOCTYPE) are not accepted', parser.line);
  });
  parser.on('opentag', ({ name, attributes }) => {
    if (!seen && name !== root) {
      throw new UnreadableFile('wrong_format', `The root is <${name}>, <${root}> is expected`, parser.line);
    }
    seen = true;
    if (open.length >= MAX_DEPTH)
      throw new UnreadableFile('too_deep', `Nested deeper than ${MAX_DEPTH} levels`, parser.line);
    elements += 1;
    limit();
    open.push({ name, attributes: attributes as Record<string, string>, children: [], text: '', line: parser.line });
  });
  const addText = (text: string) => {
    const top = open.at(-1);
    if (top) top.text += text;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    const element = open.pop() as OpenElement;
    if (open.length > depth) open.at(-1)?.children.push(element);
    else if (open.length === depth) {
      done.push(element);
      [began, elements] = [parser.position, 0];
    }
  });
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  for await (const chunk of utf8Chunks(file)) {
    parser.write(text(decoder, chunk));
    // Within an attribute, a text or a comment nothing is told until its end.
    limit();
    yield* done.splice(0);
  }
  if (!seen && open.length === 0 && parser.position === 0) throw new UnreadableFile('empty_file', 'The file is empty');
  if (open.length > 0)
    throw new UnreadableFile('truncated', `The file ends inside <${open.at(-1)?.name ?? ''}>`, parser.line);
  parser.close();
  yield* done.splice(0);
}

function text(decoder: InstanceType<typeof TextDecoder>, bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes, { stream: true });
  } catch {
    throw new UnreadableFile('bad_encoding', 'The file is not UTF-8 text');
  }
}

/** The first child called `name`. */
export function child(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((one) => one.name === name);
}

/** Trimmed text of a child, undefined when it is absent or empty. */
export function childText(element: XmlElement | undefined, name: string): string | undefined {
  return child(element, name)?.text.trim() || undefined;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Text for an element or attribute. Characters that XML has no way to write become U+FFFD. */
export function xmlText(value: string): string {
  return (
    value
      .toWellFormed()
      .replace(/[&<>"']/gu, (character) => ENTITIES[character] as string)
      .replace(/[\n\r\t]/gu, (character) => `&#${character.charCodeAt(0)};`)
      // oxlint-disable-next-line no-control-regex -- they are what must not be in XML
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/gu, '\ufffd')
  );
}
