/**
 * `npm test`: types, then the page, then every test. Browser tests need Chromium and the Python interop tests Debian's
 * python3-autobahn and python3-cbor2; as root on Debian what is missing is installed, elsewhere one line says what to install.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const browsers = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];
const root = process.getuid?.() === 0;

const only = process.argv.slice(2);
const chromium = findChromium() ?? (install('chromium', 'fonts-dejavu-core') ? findChromium() : undefined);
if (!chromium) {
  console.error(
    'The browser tests need Chromium: install it (Debian: apt-get install chromium), or set CHROMIUM_PATH to a Chromium or Chrome.',
  );
  process.exit(1);
}
if (!hasPythonAutobahn() && !install('python3-autobahn', 'python3-cbor2')) {
  console.warn(
    "The interop tests with Python's Autobahn are skipped: install Debian's python3-autobahn and python3-cbor2 to run them.",
  );
}
run('tsc', ['-b']);
run('tsc', ['-p', 'test']);
run('vite', ['build', '--logLevel', 'warn']);
run('vitest', ['run', ...only], { CHROMIUM_PATH: chromium });

function findChromium(): string | undefined {
  return [process.env['CHROMIUM_PATH'] ?? '', ...browsers].find((path) => path !== '' && existsSync(path));
}

function hasPythonAutobahn(): boolean {
  return spawnSync('/usr/bin/python3', ['-c', 'import autobahn, cbor2'], { stdio: 'ignore' }).status === 0;
}

function install(...packages: string[]): boolean {
  if (!root || !existsSync('/usr/bin/apt-get')) return false;
  console.log(`Installing ${packages.join(', ')} …`);
  const apt = (...args: string[]) =>
    spawnSync('apt-get', args, { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
      .status === 0;
  return apt('update') && apt('install', '-y', '--no-install-recommends', ...packages);
}

function run(command: string, args: string[], env: Record<string, string> = {}): void {
  const { status } = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...env } });
  if (status !== 0) process.exit(status ?? 1);
}
