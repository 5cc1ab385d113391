/** What is different between two configurations of realms, for people: `realm shop: roles, history changed`. */
import type { RealmConfiguration } from './configuration.ts';

type Realms = readonly RealmConfiguration[];

export function changedRealms(before: Realms, now: Realms): string[] {
  const old = new Map(before.map((realm) => [realm.name, realm]));
  const said = now.flatMap((realm) => {
    const known = old.get(realm.name);
    old.delete(realm.name);
    if (!known) return [`realm ${realm.name} opened`];
    const keys = changedKeys(known, realm);
    return keys.length > 0 ? [`realm ${realm.name}: ${keys.join(', ')} changed`] : [];
  });
  return [...said, ...[...old.keys()].map((name) => `realm ${name} closed`)];
}

function changedKeys(before: RealmConfiguration, now: RealmConfiguration): string[] {
  const [old, young] = [before, now].map((realm) => new Map<string, unknown>(Object.entries(realm)));
  const keys = new Set([...old!.keys(), ...young!.keys()]);
  return [...keys].filter((key) => JSON.stringify(old!.get(key)) !== JSON.stringify(young!.get(key)));
}
