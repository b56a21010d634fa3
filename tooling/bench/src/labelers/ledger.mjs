// What the server has said it did, to be compared with what it has.

/**
 * @typedef {import('@labelyard/contract').OperationResult} OperationResult
 * @typedef {NonNullable<OperationResult['annotation']>} Annotation
 * @typedef {Pick<Annotation, 'id' | 'image_id' | 'version' | 'class_id' | 'state'> & { geometry: unknown }} Row
 * @typedef {{ image_id: number, person: string, from: number, to: number }} Hold
 */

/** How many things found wrong are told in words. */
const TOLD = 20;

/** Every acknowledged write by annotation, and who held which image when. */
export class Ledger {
  /** @type {Map<number, Row>} */
  #rows = new Map();
  /** @type {Set<number>} */
  #deleted = new Set();
  /** @type {Map<number, Set<number>>} */
  #by_image = new Map();
  /** @type {Hold[]} */
  #holds = [];
  /** Writes acknowledged so far. */
  writes = 0;

  /** The server applied an operation. @param {Row | null} row null: `deleted` is gone @param {number} [deleted] */
  applied(row, deleted) {
    this.writes += 1;
    if (row) return this.#keep(row);
    if (deleted === undefined) throw new TypeError('Which annotation is gone?');
    this.#rows.delete(deleted);
    this.#deleted.add(deleted);
  }

  /** All drafts of the image were confirmed: each is one version further. @param {number} image_id */
  confirmed(image_id) {
    for (const row of this.ofImage(image_id))
      if (row.state === 'draft') this.#keep({ ...row, state: 'confirmed', version: row.version + 1 });
    this.writes += 1;
  }

  /** What a person who holds the image must be shown. @param {number} image_id @returns {Row[]} */
  ofImage(image_id) {
    return [...(this.#by_image.get(image_id) ?? [])].flatMap((id) => this.#rows.get(id) ?? []);
  }

  /** @param {Hold} hold from its acknowledgement until it was given back */
  held(hold) {
    this.#holds.push(hold);
  }

  /**
   * @param {readonly Row[]} rows of one image, or all there are
   * @param {number} [image_id]
   * @returns {string[]} in words; empty when all is as acknowledged
   */
  lost(rows, image_id) {
    const expected = image_id === undefined ? [...this.#rows.values()] : this.ofImage(image_id);
    const found = new Map(rows.map((row) => [row.id, row]));
    const problems = [];
    for (const row of expected) {
      const there = found.get(row.id);
      if (!there) problems.push(`annotation ${row.id} is gone; version ${row.version} was acknowledged`);
      else if (content(there) !== content(row))
        problems.push(`annotation ${row.id} is ${content(there)}; acknowledged was ${content(row)}`);
    }
    for (const { id } of rows) {
      if (this.#deleted.has(id)) problems.push(`annotation ${id} is there; its deletion was acknowledged`);
      else if (!this.#rows.has(id)) problems.push(`annotation ${id} was acknowledged to nobody`);
    }
    return problems;
  }

  /** @returns {string[]} two people who held one image at the same moment */
  doubleHolders() {
    const problems = [];
    const sorted = this.#holds.toSorted((a, b) => a.image_id - b.image_id || a.from - b.from);
    /** @type {Hold | undefined} */
    let last;
    for (const hold of sorted) {
      const same = last?.image_id === hold.image_id;
      if (last && same && last.person !== hold.person && hold.from < last.to)
        problems.push(`image ${hold.image_id} was held by ${last.person} and ${hold.person}`);
      if (!last || !same || hold.to > last.to) last = hold;
    }
    return problems;
  }

  get size() {
    return this.#rows.size;
  }

  /** @param {Row} row */
  #keep({ id, image_id, version, class_id, state, geometry }) {
    this.#rows.set(id, { id, image_id, version, class_id, state, geometry });
    const ids = this.#by_image.get(image_id) ?? new Set();
    this.#by_image.set(image_id, ids.add(id));
  }
}

/** @param {Row} row */
function content({ version, class_id, state, geometry }) {
  return JSON.stringify([version, class_id, state, geometry]);
}

/** @param {readonly string[]} problems @returns {string} */
export function inWords(problems) {
  const rest = problems.length - TOLD;
  return [...problems.slice(0, TOLD), ...(rest > 0 ? [`… and ${rest} more`] : [])].join('\n  ');
}
