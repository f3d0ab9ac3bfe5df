select id, email, first_name, plan
from analytics.public.users
where plan <> 'free'
order by id
