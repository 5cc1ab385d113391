/** As `durable.ts`; matches in which nothing happens for 15 s sleep. */
process.env['HIBERNATE_MS'] = '15000';
await import('./durable.ts');
export {};
