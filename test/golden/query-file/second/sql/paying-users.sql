select id, email, first_name, plan
from analytics.public.users
where plan not in ('free', 'trial')
  and email is not null
order by id
