import { useSearchParams } from 'next/navigation';
import { readImageFilter, writeImageFilter, type ImageFilter } from './image-filter';

/** The filter in the page's address, so that it survives a reload, "back" and being sent to a colleague. */
export function useImageFilter(): [ImageFilter, (change: Partial<ImageFilter>) => void] {
  const search = useSearchParams();
  const filter = readImageFilter(new URLSearchParams(search));
  const change = (next: Partial<ImageFilter>) => {
    // Next keeps useSearchParams in step with the history; the list itself is asked for by the browser.
    const query = writeImageFilter(new URLSearchParams(window.location.search), { ...filter, ...next }).toString();
    window.history.replaceState(null, '', query ? `?${query}` : window.location.pathname);
  };
  return [filter, change];
}
