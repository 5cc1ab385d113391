/**
 * Run by followed-rules.test.ts in a process of its own, because the test runner loads modules in its own way. Follows a
 * folder of rules; for each step writes files, has them read again, and makes a move. Prints what came of each step.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { hostClock, RunningMatch, type AnyRules } from '../../../protocol/index.ts';
import { followRules } from '../../../server/operations/followed-rules.ts';

const [folder = '', steps = '[]'] = process.argv.slice(2);
const { countRules }: { countRules: AnyRules } = await import(pathToFileURL(join(folder, 'count.ts')).href);
const never = { ...hostClock, setTimeout: () => null }; // only `reload` reads
let log: string[] = [];
let changes = 0;
const followed = followRules([countRules], {
  folder,
  log: (line) => log.push(line),
  onChange: () => changes++,
  clock: never,
});
const match = new RunningMatch(followed.games[0]!, { seed: 1 });
match.apply({ type: 'sit', seat: 0, player: 'ada', at: 0 });

const results: object[] = [];
for (const files of JSON.parse(steps) as { [file: string]: string }[]) {
  log = [];
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  await followed.reload();
  match.apply({ type: 'move', seat: 0, move: 'go', args: {}, at: 0 });
  results.push({ log, state: match.position.state, changes });
}
followed.close();
console.log(JSON.stringify(results));
