/* Loaded before the first TypeScript file, by any Node: says in one line what an old one would say in a stack trace. */
const wanted = [22, 18];
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < wanted[0] || (major === wanted[0] && minor < wanted[1])) {
  console.error(
    `Realmkit needs Node ${wanted.join('.')} or newer; this is ${process.versions.node}. Run it by "npm start" after "npm ci", which installs Node 24 beside it.`,
  );
  process.exit(1);
}
