/** Whether a path is the workbench: a page without the header, where every pixel and key belongs to the image. */
export function isWorkbench(pathname: string): boolean {
  return /^\/datasets\/\d+\/label(?:\/|$)/u.test(pathname);
}
