/** An answer that is JSON already, as hot paths get it from SQL. Sent as it is. */
export class JsonText {
  constructor(readonly text: string | Buffer) {}
}

/** Fastify's serializer for every object answer. (It takes a Buffer as well as the string its type asks for.) */
export function serialiseAnswer(payload: unknown): string {
  return payload instanceof JsonText ? (payload.text as string) : JSON.stringify(payload);
}
