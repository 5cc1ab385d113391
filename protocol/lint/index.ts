/** realmkit/lint: for files with rules, a plugin of oxlint (`jsPlugins`) and of ESLint. Runs in Node. */
import { noOuterMutation } from './no-outer-mutation.ts';

const plugin = { meta: { name: 'realmkit' }, rules: { 'no-outer-mutation': noOuterMutation } } as const;
export default plugin;
