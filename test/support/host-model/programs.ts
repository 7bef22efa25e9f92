/** Programs of the model, in place of those that would change this machine. Their state is files below /model/state and /proc. */
export const programs: { readonly [name: string]: string } = {}
