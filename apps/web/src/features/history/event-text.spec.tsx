import type { Activity } from '@labelyard/contract';
import { inEnglish } from '@/i18n/in-english';
import { useEventText } from './event-text';

type Event = Extract<Activity, { kind: 'event' }>;

function Sentence({ event }: { event: Event }) {
  return useEventText()(event, 'Ada', { who: (chunks) => chunks, link: (chunks) => chunks });
}

function sentence(action: string, details: object): string {
  const event = { action, details, about: null, image_path: null } as Event;
  return inEnglish(<Sentence event={event} />);
}

test.each([
  ['export.create', { format: 'label_studio' }, 'Ada exported the dataset (Label Studio)'],
  ['export.create', { format: 'coco', version_id: 9, version_number: 2 }, 'Ada exported version 2 (COCO JSON)'],
  ['import.complete', { format: 'voc', annotations: 1 }, 'Ada imported 1 annotation (Pascal VOC)'],
  ['import.complete', { format: 'newer', annotations: 2 }, 'Ada imported 2 annotations (newer)'],
  ['version.publish', { number: 3 }, 'Ada published version 3'],
])('%s of %j is told as "%s"', (action, details, words) => {
  expect(sentence(action, details)).toBe(words);
});
