/** Folder of the programs of a Postgres of another major version to move to and from, instead of one that is installed. */
export function otherPostgresPrograms(): string | undefined {
  return process.env['POSTGRES_TEST_PROGRAMS'] || undefined;
}
