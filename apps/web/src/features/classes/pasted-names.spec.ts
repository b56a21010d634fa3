import { classNamesIn } from './pasted-names';

test('one name per line, each once, without bullets', () => {
  expect(classNamesIn('1. car\r\n2. traffic   light\n- 버스\n* car\n\n  \n3D box\n10) bus stop')).toEqual([
    'car',
    'traffic light',
    '버스',
    '3D box',
    'bus stop',
  ]);
});

test('composed and decomposed letters are one name', () => {
  expect(classNamesIn('caf\u00e9\ncafe\u0301')).toEqual(['café']);
});
