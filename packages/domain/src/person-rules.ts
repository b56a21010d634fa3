import { canSystem, type SystemRole } from './permissions.js';

/** What decides about a change of a person's account. */
export interface AccountState {
  readonly system_role: SystemRole;
  readonly is_active: boolean;
}

/** Whether the account can administer the people of the installation. */
export function managesPeople({ system_role, is_active }: AccountState): boolean {
  return is_active && canSystem(system_role, 'people.manage');
}

/** Whether a change would leave nobody to administer people: the last one can be neither switched off nor demoted. */
export function leavesNoAdmin(before: AccountState, after: AccountState, other_admins: number): boolean {
  return managesPeople(before) && !managesPeople(after) && other_admins === 0;
}

/**
 * Whether somebody is shown everybody's e-mail address, and finds people by a part of it. Others see their own, and what they know
 * already: an address they typed in full.
 */
export function seesAddresses({ system_role }: Pick<AccountState, 'system_role'>): boolean {
  return canSystem(system_role, 'people.manage');
}

/** Shortest password that is taken. */
export const PASSWORD_MIN_LENGTH = 8;
