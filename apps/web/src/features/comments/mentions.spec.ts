import { finishMention, markMentions, mentionable, mentionBegun, mentionedIn } from './mentions';

const people = [
  { user_id: '1', name: 'Ann' },
  { user_id: '2', name: 'Ann Lee' },
  { user_id: '3', name: '김하늘' },
];

test('a mention begins with @ after a space, and not inside an address', () => {
  expect(mentionBegun('Hi @An', 6)).toBe('An');
  expect(mentionBegun('@', 1)).toBe('');
  expect(mentionBegun('@Ann Le', 7)).toBe('Ann Le');
  expect(mentionBegun('ann@example', 11)).toBeNull();
  expect(mentionBegun('Hi @Ann is here now', 19)).toBeNull();
});

test('finishing one keeps what stands behind the caret', () => {
  expect(finishMention('Hi @An, look', 6, 'Ann Lee')).toEqual({ text: 'Hi @Ann Lee , look', caret: 12 });
});

test('who is named is mentioned, the longer name first, and nobody who was deleted', () => {
  expect(mentionedIn('@Ann Lee and @김하늘, look', people).sort()).toEqual(['2', '3']);
  expect(mentionedIn('@Ann', people)).toEqual(['1']);
  expect(mentionedIn('nobody', people)).toEqual([]);
});

test('whom a comment mentions already is meant by their name, also when somebody else has it', () => {
  const user = { id: '9', email: 'ann@example.org', avatar_name: null, badge_color: null, is_active: true };
  const before = [
    { ...user, full_name: 'Ann' },
    { ...user, id: '8', full_name: '' },
  ].map(mentionable);
  expect(mentionedIn('@Ann and @ann@example.org', [...before, ...people])).toEqual(['8', '9']);
});

test('mentions are marked in what is shown', () => {
  expect(markMentions('Hi @Ann Lee!', ['Ann Lee'])).toEqual([
    { text: 'Hi ', mention: false },
    { text: '@Ann Lee', mention: true },
    { text: '!', mention: false },
  ]);
  expect(markMentions('Hi (', ['A(b'])).toEqual([{ text: 'Hi (', mention: false }]);
});
