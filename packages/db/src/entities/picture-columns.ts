import { Column } from 'typeorm';

/** What every row has that stands for a picture, now or at some moment: where it lay, and which bytes of what kind it was. */
export abstract class PictureColumns {
  @Column({ type: 'text', collation: 'C' })
  path: string;

  @Column('integer')
  width: number;

  @Column('integer')
  height: number;

  @Column('bigint')
  size_bytes: number;

  @Column('text')
  sha256: string;

  @Column('text')
  content_type: string;
}
