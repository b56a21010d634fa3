// Saving annotations without versions, history or checks, into a table with the same columns and indexes.
import pg from 'pg';
import { DataSource, EntitySchema } from 'typeorm';

const TABLE = 'annotations_plain';

/** As `json_to_recordset` and the ORM name them. */
const COLUMNS = /** @type {const} */ ({
  project_id: 'bigint',
  image_id: 'bigint',
  class_id: 'bigint',
  task_type: 'text',
  annotation_type: 'text',
  bbox_x: 'double precision',
  bbox_y: 'double precision',
  bbox_w: 'double precision',
  bbox_h: 'double precision',
  area: 'double precision',
  created_by: 'text',
  updated_by: 'text',
  geometry: 'json',
  attributes: 'jsonb',
});

/** @typedef {Record<keyof typeof COLUMNS, unknown>} PlainRow */

/** Same columns, defaults, checks and indexes as `annotations`; no foreign keys, no triggers. @param {string} url */
export async function makePlainTable(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`create table ${TABLE} (like annotations including all)`);
  await client.end();
}

/**
 * One INSERT from one parameter.
 *
 * @param {string} url
 * @returns {Promise<{ save: (rows: string) => Promise<void>, close: () => Promise<void> }>} rows: a JSON array of PlainRow
 */
export async function rawInsert(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const names = Object.keys(COLUMNS).join(', ');
  const types = Object.entries(COLUMNS).map(([name, type]) => `${name} ${type}`);
  const text = `insert into ${TABLE} (${names}) select ${names} from jsonb_to_recordset($1) as x (${types.join(', ')})`;
  return {
    save: async (rows) => {
      const { rowCount } = await client.query({ name: 'save', text, values: [rows] });
      if (!rowCount) throw new Error('Nothing was inserted');
    },
    close: () => client.end(),
  };
}

/**
 * What an application does that saves objects one after another.
 *
 * @param {string} url
 * @returns {Promise<{ save: (rows: readonly PlainRow[]) => Promise<void>, close: () => Promise<void> }>}
 */
export async function ormSave(url) {
  const columns = Object.entries(COLUMNS).map(([name, type]) => [name, { type, nullable: true }]);
  const Annotation = new EntitySchema({
    name: 'PlainAnnotation',
    tableName: TABLE,
    columns: {
      id: { type: 'bigint', primary: true, generated: 'identity', generatedIdentity: 'BY DEFAULT' },
      ...Object.fromEntries(columns),
    },
  });
  const source = new DataSource({ type: 'postgres', url, entities: [Annotation] });
  await source.initialize();
  const repository = source.getRepository(Annotation);
  return {
    save: async (rows) => {
      for (const row of rows) await repository.save(repository.create(row));
    },
    close: () => source.destroy(),
  };
}
