/** The caller's side: open calls, their progress, cancelling and timeouts. WAMP "Remote Procedure Calls". */
import { pour, type Chunk } from './chunks.ts';
import type { Clock } from './clock.ts';
import { CallError, errors, ProtocolError } from './errors.ts';
import type { Dict, KnownOptions, List, Message } from './messages.ts';
import type { Requests } from './requests.ts';
import type { Uri } from './uris.ts';
import { checkPayload } from './values.ts';

export interface Result {
  readonly args: List;
  readonly kwargs: Dict;
  readonly details: Dict;
}

export type CancelMode = 'skip' | 'kill' | 'killnowait';

export interface CallOptions extends Omit<KnownOptions<'call'>, 'timeout' | 'receive_progress' | 'progress'> {
  /** Aborting it cancels the call: rejects with `wamp.error.canceled`, whose cause is the signal's reason. */
  readonly signal?: AbortSignal;
  /** `kill` waits for what the callee answers to the interruption, the others reject at once. Default `killnowait`. */
  readonly cancelMode?: CancelMode;
  /** From sending the call, and again from each progressive result; then the call is cancelled: `wamp.error.timeout`. */
  readonly timeoutMs?: number;
  /** Asks for progressive results and gets them, in order, before the last one resolves the call. */
  readonly onProgress?: (result: Result) => void;
  /**
   * Sent after the first payload, each as it comes, to the one callee of the call, which may answer before it has all.
   * Then the source is told to stop; when it throws, the call is cancelled. WAMP "Progressive Call Invocations".
   */
  readonly chunks?: Iterable<Chunk> | AsyncIterable<Chunk>;
}

interface Call {
  readonly options: CallOptions;
  resolve(result: Result): void;
  reject(error: CallError): void;
  timer?: unknown;
  /** Rejected already, or cancelled with `kill`: what it will reject with, should the answer be `canceled`. */
  cancelled?: CallError;
  /** Takes the listener from the signal, and stops the chunks. */
  forget(): void;
}

interface Surroundings {
  readonly requests: Requests;
  readonly clock: Clock;
  readonly canCancel: boolean;
  readonly canSendChunks: boolean;
  send(message: Message): void;
  report(error: unknown, where: string): void;
}

export class Calls {
  readonly #around: Surroundings;
  /** By request, until the final answer: a cancelled call stays, so that its late answer is no surprise. */
  readonly #open = new Map<number, Call>();

  constructor(around: Surroundings) {
    this.#around = around;
  }

  call(procedure: Uri, args: List | undefined, kwargs: Dict | undefined, options: CallOptions): Promise<Result> {
    const { signal, cancelMode = 'killnowait', timeoutMs, onProgress, chunks, ...known } = options;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) throw canceled(signal);
      if (chunks && !this.#around.canSendChunks)
        throw new CallError(errors.featureNotSupported, ['the router takes no progressive invocations']);
      const request = this.#around.requests.begin();
      const abort = () => this.#cancel(request, cancelMode, canceled(signal));
      let stopChunks = () => {};
      const forget = () => {
        signal?.removeEventListener('abort', abort);
        stopChunks();
      };
      const call: Call = { options, resolve, reject, forget };
      signal?.addEventListener('abort', abort, { once: true });
      this.#open.set(request, call);
      this.#startTimer(request, call);
      const asked = {
        ...known,
        ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
        ...(onProgress ? { receive_progress: true } : {}),
        ...(chunks ? { progress: true } : {}),
      };
      this.#around.send({
        type: 'call',
        request,
        options: asked,
        procedure,
        ...(args && { args }),
        ...(kwargs && { kwargs }),
      });
      if (chunks) stopChunks = this.#pour(chunks, request, procedure);
    });
  }

  #pour(chunks: NonNullable<CallOptions['chunks']>, request: number, procedure: Uri): () => void {
    const { send } = this.#around;
    return pour(chunks, {
      send: ({ args, kwargs }) => {
        checkPayload(args, kwargs);
        const options = { progress: true };
        send({ type: 'call', request, options, procedure, ...(args && { args }), ...(kwargs && { kwargs }) });
      },
      end: () => send({ type: 'call', request, options: {}, procedure }),
      fail: (cause) => {
        const error = new CallError(errors.canceled, ['the chunks of the call have failed'], {}, { cause });
        this.#cancel(request, 'killnowait', error);
      },
    });
  }

  result({ request, details, args = [], kwargs = {} }: Message<'result'>): void {
    const call = this.#get('result', request);
    const result = { args, kwargs, details };
    if (details.progress) return this.#progress(request, call, result);
    this.#close(request, call);
    call.resolve(result);
  }

  failed({ request, error, args, kwargs }: Message<'error'>): void {
    const call = this.#get('error', request);
    this.#close(request, call);
    const isCanceled = error === errors.canceled || error === 'wamp.error.cancelled'; // the specification has both
    const cause = call.cancelled?.cause;
    call.reject(
      new CallError(
        isCanceled ? errors.canceled : error,
        args,
        kwargs,
        isCanceled && cause !== undefined ? { cause } : {},
      ),
    );
  }

  end(error: CallError): void {
    for (const [request, call] of this.#open) {
      this.#close(request, call);
      call.reject(error);
    }
  }

  #get(type: string, request: number): Call {
    const call = this.#open.get(request);
    if (!call) throw new ProtocolError(`${type}.request ${request} is no open call`);
    return call;
  }

  #progress(request: number, call: Call, result: Result): void {
    if (call.cancelled) return;
    this.#startTimer(request, call);
    try {
      call.options.onProgress?.(result);
    } catch (error) {
      this.#around.report(error, 'onProgress of a call');
    }
  }

  #startTimer(request: number, call: Call): void {
    const { timeoutMs } = call.options;
    if (!timeoutMs) return;
    this.#around.clock.clearTimeout(call.timer);
    const error = new CallError(errors.timeout, [`no result within ${timeoutMs} ms`]);
    call.timer = this.#around.clock.setTimeout(() => this.#cancel(request, 'killnowait', error), timeoutMs);
  }

  #cancel(request: number, mode: CancelMode, error: CallError): void {
    const call = this.#open.get(request);
    if (!call) return;
    const { canCancel, clock, send } = this.#around;
    if (canCancel && !call.cancelled) send({ type: 'cancel', request, options: { mode } });
    call.cancelled = error;
    call.forget();
    if (mode === 'kill' && canCancel) return; // the timer goes on
    clock.clearTimeout(call.timer);
    call.reject(error);
  }

  #close(request: number, call: Call): void {
    this.#open.delete(request);
    this.#around.clock.clearTimeout(call.timer);
    call.forget();
  }
}

const canceled = (signal: AbortSignal | undefined) => new CallError(errors.canceled, [], {}, { cause: signal?.reason });
