/** The process that makes the load: does one case at a time and answers with its figures. */
import { cases, type CaseName } from './cases.ts';

process.on('message', ({ name, side, url }: { name: CaseName; side: 'ours' | 'plain'; url: string }) => {
  void cases[name][side](url).then((figures) => process.send?.(figures));
});
process.on('disconnect', () => process.exit());
