// A real OpenID Connect provider for tests, on this machine: npm oidc-provider with one client and a
// sign-in page on which the tester says who they are and how strongly they show it.
// Environment: PORT, REDIRECT_URI, AFTER_LOGOUT. Prints "ready" when it listens.
import { randomBytes } from "node:crypto";
import Provider from "oidc-provider";

const { PORT, REDIRECT_URI, AFTER_LOGOUT } = process.env;
const issuer = `http://localhost:${PORT}`;
const levels = ["urn:test:low", "urn:test:substantial", "urn:test:high"];

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: "tilgang",
      client_secret: "only-for-tests",
      redirect_uris: [REDIRECT_URI],
      post_logout_redirect_uris: [AFTER_LOGOUT],
    },
  ],
  acrValues: levels,
  claims: { openid: ["sub"], profile: ["name"], email: ["email", "email_verified"] },
  cookies: { keys: [randomBytes(16).toString("hex")] },
  features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true } },
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  async findAccount(_ctx, id) {
    return {
      accountId: id,
      claims: async () => ({ sub: id, name: `${id} Nordmann`, email: `${id}@example.no`, email_verified: true }),
    };
  },
  // Nobody is asked what may be told: that is not what is tested.
  async loadExistingGrant(ctx) {
    const grant = new ctx.oidc.provider.Grant({
      clientId: ctx.oidc.client.clientId,
      accountId: ctx.oidc.session.accountId,
    });
    grant.addOIDCScope("openid profile email");
    await grant.save();
    return grant;
  },
});

provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith("/interaction/")) return next();
  if (ctx.method === "POST") {
    const chunks = [];
    for await (const chunk of ctx.req) chunks.push(chunk);
    const form = new URLSearchParams(Buffer.concat(chunks).toString());
    const result = form.get("cancel")
      ? { error: "access_denied" }
      : { login: { accountId: form.get("who"), acr: form.get("acr"), remember: true } };
    return provider.interactionFinished(ctx.req, ctx.res, result, { mergeWithLastSubmission: false });
  }
  const { params } = await provider.interactionDetails(ctx.req, ctx.res);
  ctx.type = "html";
  const choices = levels.map((acr) => `<label><input type="radio" name="acr" value="${acr}" required>${acr}</label>`);
  ctx.body = `<!doctype html><html lang="en"><title>Provider</title><h1>Test provider</h1>
    <p id="asked">asked: ${String(params.acr_values ?? "nothing").replace(/[^\w: ]/g, "")}</p>
    <form method="post"><label>Who <input name="who" required></label>${choices.join("")}<button>Sign in</button></form>
    <form method="post"><button name="cancel" value="1">Cancel</button></form></html>`;
});

provider.listen(Number(PORT), "localhost", () => console.log("ready"));
