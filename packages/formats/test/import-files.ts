import type {
  ImportedAnnotation,
  ImportedClass,
  ImportedImage,
  ImportFile,
  ImportReport,
  ImportRun,
} from '../src/reading/import-codec.js';

/** Files as an upload gives them, in chunks small enough to cut everything in the middle. */
export function filesOf(
  contents: Readonly<Record<string, string | Uint8Array>> | Map<string, string | Uint8Array>,
  chunk = 61,
): ImportFile[] {
  const entries = contents instanceof Map ? [...contents] : Object.entries(contents);
  return entries.map(([path, content]) => {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    return {
      path,
      async *chunks() {
        for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk);
      },
    };
  });
}

export interface ReadBack {
  readonly classes: ImportedClass[];
  readonly images: ImportedImage[];
  readonly annotations: ImportedAnnotation[];
  readonly report: ImportReport;
  /** `severity code file:line|path`, sorted as they came. */
  readonly issues: string[];
}

export async function readAll(run: ImportRun): Promise<ReadBack> {
  const back = { classes: [], images: [], annotations: [] } as Pick<ReadBack, 'classes' | 'images' | 'annotations'>;
  for await (const record of run.records) {
    if (record.kind === 'class') back.classes.push(record);
    else if (record.kind === 'image') back.images.push(record);
    else back.annotations.push(record);
  }
  const report = run.report();
  expect(report.counts).toEqual({
    classes: back.classes.length,
    images: back.images.length,
    annotations: back.annotations.length,
  });
  const issues = report.issues.map(
    ({ severity, code, file, line, path }) => `${severity} ${code} ${[file, line, path].filter((one) => one !== undefined).join(' ')}`, // prettier-ignore
  );
  return { ...back, report, issues };
}
