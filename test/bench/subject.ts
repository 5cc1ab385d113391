/** What a server under measurement tells the process that started it: its URL, and its processor time when asked. */
export function reportTo(url: string): void {
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.((user + system) / 1000);
  });
  process.on('disconnect', () => process.exit());
  process.send?.(url);
}
