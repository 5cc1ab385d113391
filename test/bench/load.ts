/** The process that makes the load: does one case at a time and answers with its figures. */
import { cases, type Case, type CaseName } from './cases.ts';

process.on('message', ({ name, side, host }: { name: CaseName; side: 'ours' | 'ceiling'; host: string }) => {
  const { ours, ceiling = ours }: Case = cases[name];
  void (side === 'ours' ? ours : ceiling)(host).then((figures) => process.send?.(figures));
});
process.on('disconnect', () => process.exit());
