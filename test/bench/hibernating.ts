/** As `durable.ts`; matches in which nothing happens for a minute sleep. */
process.env['HIBERNATE_MS'] = '60000';
await import('./durable.ts');
export {};
