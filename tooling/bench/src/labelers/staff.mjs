// Everybody who takes part in a load: accounts, memberships, sessions and event streams, made as people make them.
import { createClient } from '@labelyard/contract';
import { Person } from './person.mjs';

const PASSWORD = 'load-password';

/**
 * @param {import('../harness/lab.mjs').Lab} lab
 * @param {object} options
 * @param {import('../system/installation.mjs').Installation} options.installation
 * @param {readonly [import('../system/installation.mjs').Api, ...import('../system/installation.mjs').Api[]]} options.apis
 * @param {number} options.project_id
 * @param {number} options.count
 * @param {(call: import('./person.mjs').Measured) => void} options.measured
 * @returns {Promise<Person[]>} annotators of the project, half of them first at each replica
 */
export async function hireStaff(lab, { installation, apis, project_id, count, measured }) {
  lab.say(`${count} people sign in`);
  const accounts = await installation.addPeople(
    Array.from({ length: count }, (_, n) => ({
      email: `person-${n}@labelyard.example`,
      full_name: `Person ${n}`,
      password: PASSWORD,
    })),
  );
  const ports = apis.map(({ port }) => port);
  const staff = [];
  for (const [n, { id, email }] of accounts.entries()) {
    await apis[0].call('members.add', { params: { project_id }, body: { user_id: id, role: 'annotator' } });
    const { origin } = apis[n % apis.length] ?? apis[0];
    const { access_token: token } = await createClient({ origin })('auth.login', {
      body: { email, password: PASSWORD },
    });
    const person = new Person({ id, token, ports, start: n, measured });
    lab.later(() => person.leave());
    await person.listen(project_id);
    staff.push(person);
  }
  return staff;
}
