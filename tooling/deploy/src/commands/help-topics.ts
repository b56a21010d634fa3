/** What is good to know before one uses a command. */
export const TOPICS = {
  profiles: `An environment is a set of variables (docs/guide/environment.md lists them). yard.config.ts names them:

  import { defineYardConfig } from '@labelyard/deploy/profiles';

  export default defineYardConfig({
    // the file whose variables the API is started with; a cutover rewrites it, and keeps the old one
    active_env_file: '.env',
    profiles: {
      // written by npm start; restart: what starts the API and the web again (without it you are asked to)
      local: { env_file: '.labelyard/local.env', urls: { api: 'http://localhost:8011' },
               restart: ['node', 'tooling/dev/bin/labelyard.mjs', 'restart'] },
      railway: { env_file: '.env.railway', urls: { web: 'https://labeler.example', api: 'https://api.labeler.example' } },
    },
  });

Secrets stand in the env files (chmod 600, never in git) or in yard's own environment with a prefix (env_prefix: 'RAILWAY_').
"local" is known without a configuration: npm start writes it. A new environment:

  1. yard env render --env railway --show-secrets --out .env.railway    a form that says what each variable is; fill it in
  2. yard env diff --from local --to railway                            what it lacks, and what no process would start with
  3. yard doctor --env railway                                          whether its databases and storage are there and well

A move takes from it only where databases and storage are; everything else your installation runs with stays as it is.
JWT_SECRET must be the same for people to stay signed in, USER_DB_MANAGED=true for people's database to move as well.`,

  moving: `A move never changes the side it comes from, and every step can be run again after Ctrl-C, a crash or a lost connection.

  1. yard help profiles                                  how to name the new place ("railway" below) and fill in its variables
  2. yard doctor --env local, then --env railway         what is wrong on either side, and what to do about it; the new databases
                                                         exist and stay empty
  3. yard cutover plan --from local --to railway         what will be moved, and what the target says to it; nothing is changed
  4. yard cutover apply                                  backs up, copies while people work on, then stops writes for seconds, takes
                                                         over the last changes, compares every row and byte, and switches
  5. yard cutover verify                                 compares again, with what was written since
  6. yard cutover rollback                               if need be: goes back with everything that was written since the switch
  7. yard cutover finish, then yard report               signed off: the way back is given up; what is proven, for the record

"apply" and what follows take the newest plan, or the one you name. How far it is: yard cutover status.
One phase at a time, as the deployment guide has it: yard phase 1..4 (people's database, Labeler database, images, exports).
The parts on their own: yard db copy|verify, yard storage plan|sync|check. Try it all first without any cloud: yard rehearse.`,

  state: `Everything yard knows lies in .yard/ beside yard.config.ts: plans/ (what will be done, with a hash), journals/ (what was
done, line by line), manifests/ (key, size and SHA-256 of every object) and reports/. Keep it until a move is signed off.
Two commands that change something never run at once: .yard/lock.`,
} as const;
