import { SYSTEM_ROLES } from './permissions.js';
import { leavesNoAdmin, seesAddresses } from './person-rules.js';

const admin = { system_role: 'admin', is_active: true } as const;

test.each([
  ['switched off', { ...admin, is_active: false }],
  ['demoted', { ...admin, system_role: 'manager' }],
] as const)('the last admin cannot be %s, one of two can', (_what, after) => {
  expect(leavesNoAdmin(admin, after, 0)).toBe(true);
  expect(leavesNoAdmin(admin, after, 1)).toBe(false);
});

test('whoever is no admin, or stays one, leaves as many as there were', () => {
  const guest = { system_role: 'guest', is_active: true } as const;
  expect(leavesNoAdmin(guest, { ...guest, is_active: false }, 0)).toBe(false);
  expect(leavesNoAdmin({ ...admin, is_active: false }, { ...admin, is_active: false }, 0)).toBe(false);
  expect(leavesNoAdmin(admin, admin, 0)).toBe(false);
});

test('addresses are for those who administer people', () => {
  expect(SYSTEM_ROLES.filter((system_role) => seesAddresses({ system_role }))).toEqual(['admin']);
});
