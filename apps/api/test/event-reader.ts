import { projectEvent, type ProjectEvent, type ProjectEventType } from '@labelyard/contract';
import type { TestPerson } from './app.factory.js';

type EventOf<Type extends ProjectEventType> = Extract<ProjectEvent, { type: Type }>;

/** Reads a project's event stream, or (null) a person's own, as a program would. */
export class EventReader implements AsyncDisposable {
  /** Every event so far, `beat` left out. */
  readonly heard: ProjectEvent[] = [];
  /** Resolves when the server has ended the stream. */
  readonly ended: Promise<void>;
  private readonly waiting = new Set<() => void>();
  private readonly abort = new AbortController();
  private next = 0;
  over = false;

  private constructor(private readonly response: Response) {
    this.ended = this.read();
  }

  /** Connected and greeted. */
  static async open(url: string, person: TestPerson, project_id: number | null): Promise<EventReader> {
    const reader = await EventReader.connect(url, person, project_id);
    await reader.until('hello');
    return reader;
  }

  static async connect(url: string, person: TestPerson, project_id: number | null): Promise<EventReader> {
    const abort = new AbortController();
    const response = await fetch(`${url}/api/v1/${project_id === null ? 'me' : `projects/${project_id}`}/events`, {
      headers: { authorization: `Bearer ${person.token}` },
      signal: abort.signal,
    });
    if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
    const reader = new EventReader(response);
    reader.abort.signal.addEventListener('abort', () => abort.abort());
    return reader;
  }

  get headers(): Headers {
    return this.response.headers;
  }

  /** The next event of this type that also passes `test`, those already heard included once each. */
  async until<Type extends ProjectEventType>(
    type: Type,
    test: (event: EventOf<Type>) => boolean = () => true,
  ): Promise<EventOf<Type>> {
    for (;;) {
      while (this.next < this.heard.length) {
        const event = this.heard[this.next++] as ProjectEvent;
        if (event.type === type && test(event as EventOf<Type>)) return event as EventOf<Type>;
      }
      if (this.over) throw new Error(`The stream ended before ${type}: ${JSON.stringify(this.heard)}`);
      await new Promise<void>((resolve) => this.waiting.add(resolve));
      this.waiting.clear();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.abort.abort();
    await this.ended;
  }

  private async read(): Promise<void> {
    let text = '';
    try {
      for await (const chunk of this.response.body!.pipeThrough(new TextDecoderStream())) {
        text += chunk;
        const blocks = text.split('\n\n');
        text = blocks.pop() ?? '';
        for (const block of blocks) this.take(block);
      }
    } catch {
      // Cut off, by us or by the server: what was heard until then counts.
    } finally {
      this.over = true;
      for (const wake of this.waiting) wake();
    }
  }

  private take(block: string): void {
    const lines = block.split('\n');
    const field = (name: string) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
    const data = field('data');
    if (data === undefined) return;
    const event: ProjectEvent = projectEvent.parse(JSON.parse(data));
    if (event.type !== field('event')) throw new Error(`The event is named ${field('event')}, its data ${event.type}`);
    if (event.type === 'beat') return;
    this.heard.push(event);
    for (const wake of this.waiting) wake();
  }
}
