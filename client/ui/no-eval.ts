/** Imported first: the page forbids `eval` (Content-Security-Policy), and zod would try it when the first schema is made. */
import { config } from 'zod/mini';

config({ jitless: true });
