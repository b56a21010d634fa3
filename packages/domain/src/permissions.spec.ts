import { type Action, ACTIONS, can, canSystem, ROLES, rolesFor, SYSTEM_ACTIONS, SYSTEM_ROLES } from './permissions.js';

const actions = Object.keys(ACTIONS) as Action[];

describe.each(actions)('%s', (action) => {
  const weakest = ROLES.indexOf(ACTIONS[action]);

  test('is allowed to its weakest role and every stronger one', () => {
    expect(ROLES.filter((role) => can(role, action))).toEqual(ROLES.slice(weakest));
    expect(rolesFor(action)).toEqual(ROLES.slice(weakest));
  });

  test('is denied to the roles below and to whoever has none', () => {
    for (const role of ROLES.slice(0, weakest)) expect(can(role, action)).toBe(false);
    expect(can(null, action)).toBe(false);
    expect(can(undefined, action)).toBe(false);
  });
});

test.each(Object.entries(SYSTEM_ACTIONS))('%s is for %s alone', (action, allowed) => {
  for (const role of SYSTEM_ROLES)
    expect(canSystem(role, action as keyof typeof SYSTEM_ACTIONS)).toBe((allowed as readonly string[]).includes(role));
});
