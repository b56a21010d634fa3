/** Ends of the lines of a text, whatever system wrote it. */
export const LINE_END = /\r\n?|\n/u;
