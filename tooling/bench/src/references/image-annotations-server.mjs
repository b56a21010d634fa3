// One image's annotations: select *, rows as pg gives them.
import { pool, serve } from './bare-server.mjs';

const { DATABASE_URL = '', IMAGE_ID = '' } = process.env;
const database = pool(DATABASE_URL);
const query = {
  name: 'annotations',
  text: 'select * from annotations where image_id = $1 order by id',
  values: [Number(IMAGE_ID)],
};
serve(async () => ({ items: (await database.query(query)).rows }));
