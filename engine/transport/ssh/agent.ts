import ssh2, { type IdentityCallback, type ParsedKey, type SignCallback, type SigningRequestOptions } from 'ssh2'

type PublicKey = string | Buffer | ParsedKey

/** An agent that offers the wanted keys first, or only these. */
export class OrderedAgent extends ssh2.BaseAgent {
  readonly #agent: InstanceType<typeof ssh2.OpenSSHAgent>
  readonly #wanted: ReadonlySet<string>
  readonly #only: boolean

  constructor(socket: string, wanted: readonly ParsedKey[], only: boolean) {
    super()
    this.#agent = new ssh2.OpenSSHAgent(socket)
    this.#wanted = new Set(wanted.map(blob))
    this.#only = only
  }

  override getIdentities(done: IdentityCallback<PublicKey>): void {
    this.#agent.getIdentities((error, keys = []) => {
      if (error) return done(error)
      const parsed = keys as ParsedKey[]
      const first = parsed.filter(key => this.#wanted.has(blob(key)))
      const others = this.#only ? [] : parsed.filter(key => !this.#wanted.has(blob(key)))
      done(undefined, [...first, ...others])
    })
  }

  override sign(key: PublicKey, data: Buffer, options: SigningRequestOptions, done?: SignCallback): void
  override sign(key: PublicKey, data: Buffer, done: SignCallback): void
  override sign(
    key: PublicKey,
    data: Buffer,
    options: SigningRequestOptions | SignCallback,
    done?: SignCallback,
  ): void {
    if (typeof options === 'function') this.#agent.sign(key, data, options)
    else this.#agent.sign(key, data, options, done)
  }
}

const blob = (key: ParsedKey): string => key.getPublicSSH().toString('base64')
