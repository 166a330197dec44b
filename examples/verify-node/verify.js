// A service of its own that verifies Counterfoil's access tokens by its JWKS: GET /whoami.
//   ISSUER=http://localhost:3000 ALGORITHM=ES256 PORT=4001 node verify.js
import { createServer } from "node:http";
import { createRemoteJWKSet, jwtVerify } from "jose";

const issuer = process.env.ISSUER ?? "http://localhost:3000";
const audience = process.env.AUDIENCE ?? issuer;
const jwksUrl = process.env.JWKS_URL ?? `${issuer}/.well-known/jwks.json`;
// Chosen here and never by the token. While Counterfoil changes algorithms, both: "ES256,EdDSA".
const algorithms = (process.env.ALGORITHM ?? "ES256").split(",");

// The set is kept for as long as the server allows; an unknown `kid` has it fetched once more, and then not again
// before the cool-down, so that made-up ones cause no storm.
const cooldownDuration = Number(process.env.COOLDOWN_SECONDS ?? 30) * 1000;
const jwks = createRemoteJWKSet(new URL(jwksUrl), { cacheMaxAge: 300_000, cooldownDuration });
const keys = (header, token) => {
  // The library would take any key that fits.
  if (!header.kid) throw new Error("no kid");
  return jwks(header, token);
};

async function whoami(authorization) {
  const [scheme, token] = (authorization ?? "").split(" ");
  if (scheme.toLowerCase() !== "bearer" || !token) throw new Error("no access token");
  const { payload } = await jwtVerify(token, keys, {
    algorithms,
    issuer,
    audience,
    typ: "at+jwt",
    requiredClaims: ["exp", "iat", "sub", "jti"],
  });
  return payload.sub;
}

const server = createServer(async (request, response) => {
  const answer = (status, body, headers = {}) => {
    response.writeHead(status, { "Content-Type": "application/json", "Cache-Control": "no-store", ...headers });
    response.end(JSON.stringify(body));
  };
  if (request.method !== "GET" || request.url !== "/whoami") return answer(404, { error: "not_found" });
  try {
    answer(200, { sub: await whoami(request.headers.authorization) });
  } catch {
    // The caller learns nothing more than that the token is not good.
    answer(401, { error: "invalid_token" }, { "WWW-Authenticate": 'Bearer error="invalid_token"' });
  }
});
server.listen(Number(process.env.PORT ?? 4001), "127.0.0.1");
