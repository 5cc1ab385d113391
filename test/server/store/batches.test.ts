/** What goes to the thread of a store together, and what becomes of it. */
import { EventEmitter } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { Batches } from '../../../server/store/sqlite/batches.ts';
import type { Request } from '../../../server/store/sqlite/worker.ts';

const turn = () => new Promise((resolve) => void setImmediate(resolve));
const remove = (match: string): Request => ({ do: 'remove', with: [match] });

function thread() {
  const batches: (readonly Request[] | 'close')[] = [];
  const worker = Object.assign(new EventEmitter(), {
    postMessage: (batch: readonly Request[] | 'close') => void batches.push(batch),
  });
  const asked = new Batches(worker as unknown as Worker); // as much of one as it uses
  const answer = (count: number) =>
    worker.emit(
      'message',
      Array.from({ length: count }, () => ({ value: undefined })),
    );
  return { batches, worker, asked, answer };
}

it('what is asked in one turn, or while the thread works, is one batch', async () => {
  const { batches, asked, answer } = thread();
  const first = [asked.ask(remove('a')), asked.ask(remove('b'))];
  expect(batches).toEqual([]);
  await turn();
  const second = [asked.ask(remove('c'))];
  await turn();
  second.push(asked.ask(remove('d')));
  await turn();
  expect(batches).toEqual([[remove('a'), remove('b')]]);
  answer(2);
  await Promise.all(first);
  await turn();
  expect(batches.slice(1)).toEqual([[remove('c'), remove('d')]]);
  answer(2);
  await Promise.all(second);
});

it('a request that fails is its own affair', async () => {
  const { worker, asked } = thread();
  const [one, other] = [asked.ask(remove('a')), asked.ask(remove('b'))];
  await turn();
  worker.emit('message', [{ failed: 'disk full' }, { value: undefined }]);
  await expect(one).rejects.toThrow('disk full');
  await other;
});

it('what cannot be handed to the thread is refused, and nothing else', async () => {
  const { batches, worker, asked, answer } = thread();
  const { postMessage } = worker;
  worker.postMessage = (batch) => postMessage(structuredClone(batch));
  const wild: Request = { do: 'keepWorld', with: [{ match: 'a', epoch: 1, version: 1, parts: { now: () => {} } }] };
  const [before, odd, after] = [asked.ask(remove('a')), asked.ask(wild), asked.ask(remove('b'))];
  const refused = expect(odd).rejects.toThrow('it is no plain data');
  await turn();
  await refused;
  expect(batches).toEqual([[remove('a')], [remove('b')]]);
  answer(1);
  answer(1);
  await Promise.all([before, after]);
});

it('when the thread ends, whoever waits is told, and whoever comes', async () => {
  const { worker, asked } = thread();
  const working = asked.ask(remove('a'));
  await turn();
  const waiting = asked.ask(remove('b'));
  worker.emit('exit', 1);
  for (const request of [working, waiting, asked.ask(remove('c'))])
    await expect(request).rejects.toThrow('the store has ended');
});

it('what was asked before it is closed is done, however it was waiting', async () => {
  const { batches, worker, asked, answer } = thread();
  const working = asked.ask(remove('a'));
  await turn();
  const waiting = asked.ask(remove('b'));
  const closed = asked.close();
  await expect(asked.ask(remove('c'))).rejects.toThrow('the store is closed');
  expect(batches).toEqual([[remove('a')], [remove('b')], 'close']);
  answer(1);
  answer(1);
  worker.emit('exit', 0);
  await Promise.all([working, waiting, closed]);
});
