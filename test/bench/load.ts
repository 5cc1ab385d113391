/** The process that makes the load: does one case at a time and answers with its figures. */
import { cases, type Case, type CaseName, type Side } from './cases.ts';

process.on('message', ({ name, side, host }: { name: CaseName; side: Side; host: string }) => {
  const { ours, other = ours }: Case = cases[name];
  void (side === 'ours' ? ours : other)(host).then((figures) => process.send?.(figures));
});
process.on('disconnect', () => process.exit());
