import type { DatabaseCatalog, TableShape } from '../catalog/database-catalog.js';
import { shortName } from '../sql-names.js';

/** What cannot be made again when it is lost. */
const CRITICAL_TABLES = [
  'annotations',
  'annotation_projects',
  'deleted_images',
  'image_metadata',
  'project_permissions',
] as const;

const REFERENCES = /REFERENCES ((?:"(?:[^"]|"")+"|[^\s("]+))\s*\(/u;

/**
 * The part of a database that `names` need: these tables and those their foreign keys lead to, with their sequences and types. Functions
 * and triggers stay out: they work on tables that are not there.
 */
export function onlyTables(catalog: DatabaseCatalog, names: readonly string[] = CRITICAL_TABLES): DatabaseCatalog {
  const all = new Map(catalog.tables.map((table) => [shortName(table), table]));
  const wanted = new Set<string>();
  const add = (name: string) => {
    const table = all.get(name);
    if (!table || wanted.has(name)) return;
    wanted.add(name);
    for (const other of referencedBy(table)) add(other);
  };
  for (const name of names) add(name);
  return {
    ...catalog,
    tables: catalog.tables
      .filter((table) => wanted.has(shortName(table)))
      .map((table) => ({ ...table, triggers: [], policies: [] })),
    sequences: catalog.sequences.filter(({ owner }) => owner && wanted.has(shortName({ ...owner, name: owner.table }))),
    objects: catalog.objects.filter(({ kind }) => kind === 'type' || kind === 'domain'),
  };
}

function referencedBy(table: TableShape): string[] {
  return table.constraints.flatMap(({ kind, definition }) => {
    const [, name] = (kind === 'foreign key' && REFERENCES.exec(definition)) || [];
    return name === undefined ? [] : [name.replace(/^public\./u, '').replaceAll('"', '')];
  });
}
