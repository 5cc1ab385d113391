import { wireForms, type MatchUris, type Resumed, type Session } from '../../protocol/index.ts';

/** Says to sessions that may have outlived the authority before us that we do not know of them. @throws when our own is over. */
export async function tellResumed(session: Session, { state }: MatchUris, epoch: number): Promise<void> {
  const message: Resumed = { type: 'resumed', epoch };
  await Promise.all(wireForms.map((form) => session.publish(state[form], [message])));
}
