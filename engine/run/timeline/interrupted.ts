/** Ends a host's run without a failure: the user pressed Ctrl-C. */
export class Interrupted extends Error {}

/**
 * Ends a step before it did anything: the play ended while the host waited for its turn. The host loop moves the host
 * on.
 */
export class CalledOff extends Interrupted {}
