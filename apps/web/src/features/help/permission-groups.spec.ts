import { ACTIONS } from '@labelyard/domain';
import { permissionGroups } from './permission-groups';

test('every action stands in exactly one group, and no group is empty', () => {
  const groups = permissionGroups();
  expect(groups.flatMap(({ actions }) => actions).sort()).toEqual(Object.keys(ACTIONS).sort());
  for (const { actions } of groups) expect(actions.length).toBeGreaterThan(0);
});

test('an action named whole leaves the group of its subject', () => {
  const byGroup = Object.fromEntries(permissionGroups().map(({ group, actions }) => [group, actions]));
  expect(byGroup.review).toContain('annotation.review');
  expect(byGroup.label).toContain('annotation.create');
  expect(byGroup.label).not.toContain('annotation.read');
});
