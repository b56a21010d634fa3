// The people of a demo start. Their password is public: they exist only in the embedded database of one machine.

export const DEMO_PASSWORD = 'labelyard';
export const DEMO_DATASET = 'City streets (demo)';

/** File of the data folder that says that the demo was made: deleted demo data stays deleted. */
export const DEMO_MARK = 'demo-complete';

/**
 * @typedef {object} DemoPerson
 * @property {string} email
 * @property {string} full_name
 * @property {'admin' | 'standard_engineer' | 'guest'} system_role
 * @property {'owner' | 'reviewer' | 'annotator' | 'viewer'} role in the demo project
 * @property {string} says
 */

/** @type {DemoPerson[]} */
export const DEMO_PEOPLE = [
  { email: 'admin@labelyard.local', full_name: 'Ada Admin', system_role: 'admin', role: 'owner', says: 'owner' },
  {
    email: 'reviewer@labelyard.local',
    full_name: 'Rui Reviewer',
    system_role: 'standard_engineer',
    role: 'reviewer',
    says: 'reviewer',
  },
  {
    email: 'annotator@labelyard.local',
    full_name: 'Ana Annotator',
    system_role: 'standard_engineer',
    role: 'annotator',
    says: 'annotator',
  },
  { email: 'viewer@labelyard.local', full_name: 'Vik Viewer', system_role: 'guest', role: 'viewer', says: 'viewer' },
];
