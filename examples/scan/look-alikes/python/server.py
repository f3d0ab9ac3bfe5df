from flask import Flask, redirect

app = Flask(__name__)
CENSUS = "https://app.getcensus.com"


@app.get("/api/v1/syncs/<int:number>")
def sync(number: int):
    return redirect(f"{CENSUS}/syncs/{number}")
