import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A migration written as plain SQL statements, run one by one in a transaction of its own. */
export abstract class SqlMigration implements MigrationInterface {
  /** Letters followed by a 13-digit number that orders it: TypeORM's own rule. */
  abstract readonly name: string;
  protected abstract readonly forwards: readonly string[];
  protected abstract readonly backwards: readonly string[];

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of this.forwards) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const statement of this.backwards) await queryRunner.query(statement);
  }
}
