require "net/http"

CENSUS = "https://app.getcensus.com"

def invite(email)
  Net::HTTP.post(URI("#{CENSUS}/api/v1/invitations"), { email: email }.to_json)
end
