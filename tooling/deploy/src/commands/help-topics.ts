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
  3. yard doctor --env railway                                          whether its databases and storage are there and well`,

  moving: `A move never changes the side it comes from, and every step can be run again after Ctrl-C, a crash or a lost connection.

  1. yard doctor --env local, then --env railway         what is wrong on either side, and what to do about it
  2. yard db backup --env local                          a copy to fall back on, checked by yard db drill
  3. yard cutover plan --from local --to railway         what will be moved; nothing is changed
  4. yard cutover apply PLAN                             copies while people work on, then stops writes for seconds, takes over
                                                         the last changes, compares every row and byte, and switches
  5. yard cutover verify PLAN                            compares again; reads from both sides
  6. yard cutover rollback PLAN                          goes back with everything that was written since the switch

One phase at a time, as the deployment guide has it: yard phase 1..4 (people's database, Labeler database, images, exports).
The parts on their own: yard db copy|verify, yard storage plan|sync|check. Try it all first without any cloud: yard rehearse.`,

  state: `Everything yard knows lies in .yard/ beside yard.config.ts: plans/ (what will be done, with a hash), journals/ (what was
done, line by line), manifests/ (key, size and SHA-256 of every object) and reports/. Keep it until a move is signed off.
Two commands that change something never run at once: .yard/lock.`,
} as const;
